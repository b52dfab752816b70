/**
 * One Bolt connection whose requests become futures: {@link dev.polywire.bolt.client.BoltConnection}. Its results are read
 * on demand, by {@link dev.polywire.bolt.client.BoltResult}.
 */
@NullMarked
package dev.polywire.bolt.client;

import org.jspecify.annotations.NullMarked;

/**
 * One Bolt connection whose requests become futures: {@link dev.polywire.bolt.client.BoltConnection}. Its results are read
 * as they are asked for, by {@link dev.polywire.bolt.client.BoltResult}.
 */
@NullMarked
package dev.polywire.bolt.client;

import org.jspecify.annotations.NullMarked;

/**
 * Framed connections: one of them ({@link dev.polywire.framed.client.FramedConnection}, the same in both roles), and a
 * client that keeps one up ({@link dev.polywire.framed.client.FramedClient}).
 */
@NullMarked
package dev.polywire.framed.client;

import org.jspecify.annotations.NullMarked;

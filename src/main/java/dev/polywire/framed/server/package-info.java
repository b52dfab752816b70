/** Accepts framed connections: {@link dev.polywire.framed.server.FramedServer}. */
@NullMarked
package dev.polywire.framed.server;

import org.jspecify.annotations.NullMarked;

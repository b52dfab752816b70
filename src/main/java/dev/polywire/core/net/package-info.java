/**
 * The only package that connects a machine, a socket, the clock and a timer ({@link dev.polywire.core.net.MachineSocket}),
 * and provides what every connector needs for it: dialling, accepting, reconnecting ({@link dev.polywire.core.net.Link}),
 * deadlines, and calls that wait for their answer. It does not know the event bus.
 */
@NullMarked
package dev.polywire.core.net;

import org.jspecify.annotations.NullMarked;

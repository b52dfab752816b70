/**
 * The one place where a machine, a socket, the clock and a timer meet ({@link dev.polywire.core.net.MachineSocket}), and
 * what every connection needs around it: dialling and accepting, coming back ({@link dev.polywire.core.net.Link}),
 * deadlines, calls that wait for their answer. Knows nothing of the event bus.
 */
@NullMarked
package dev.polywire.core.net;

import org.jspecify.annotations.NullMarked;

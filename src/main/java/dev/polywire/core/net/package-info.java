/**
 * The only package that connects a machine, a socket, the clock and a timer ({@link dev.polywire.core.net.MachineSocket}),
 * and provides what every connector needs for it: dialling, accepting, reconnecting ({@link dev.polywire.core.net.Link}),
 * deadlines, and calls that wait for their answer; beside these the DNS ({@link dev.polywire.core.net.DnsLookup}) and the HTTP
 * that some protocols find their servers by ({@link dev.polywire.core.net.HttpGet},
 * {@link dev.polywire.core.net.HttpResponder}). It does not know the event bus.
 */
@NullMarked
package dev.polywire.core.net;

import org.jspecify.annotations.NullMarked;

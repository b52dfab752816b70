/**
 * What outlives a request: a {@link dev.polywire.core.bus.handle.HandleRoom} of handles under leases, transactions among them.
 * {@link dev.polywire.core.bus.handle.Rooms} is public for the connector, which opens and closes all of them, and for streams
 * and bindings, which have one each.
 */
@NullMarked
package dev.polywire.core.bus.handle;

import org.jspecify.annotations.NullMarked;

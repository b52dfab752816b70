/**
 * Objects that live longer than a request, such as transactions: a {@link dev.polywire.core.bus.handle.HandleRoom} of
 * handles with leases. {@link dev.polywire.core.bus.handle.Rooms} is public for the connector, which opens and closes all
 * of them, and for streams and bindings, which have one room each.
 */
@NullMarked
package dev.polywire.core.bus.handle;

import org.jspecify.annotations.NullMarked;

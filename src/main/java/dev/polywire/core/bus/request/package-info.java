/**
 * Requests: {@link dev.polywire.core.bus.request.RequestTable}, the way in and out of every service, and
 * {@link dev.polywire.core.bus.request.Failure}, all that one can fail with. Public for the connector is how the table serves,
 * counts, drains and holds; for handles and streams, whether a request is answered and how in another form; for streams and
 * bindings, what a method that throws and a bus that discards mean; for the watch and bindings, the bounds of a deadline.
 */
@NullMarked
package dev.polywire.core.bus.request;

import org.jspecify.annotations.NullMarked;

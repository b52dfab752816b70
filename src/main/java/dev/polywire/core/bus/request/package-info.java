/**
 * Requests: {@link dev.polywire.core.bus.request.RequestTable}, the entrance and exit of every service, and
 * {@link dev.polywire.core.bus.request.Failure}, all its failures. Public for the connector: how the table serves,
 * counts, drains and holds; for handles and streams: whether a request is answered, and its other form; for streams
 * and bindings: failures of a method that throws and discards of the bus; for the watch and bindings: deadline bounds.
 */
@NullMarked
package dev.polywire.core.bus.request;

import org.jspecify.annotations.NullMarked;

/**
 * The bus contract, the same for every protocol: failures ({@link dev.polywire.core.bus.Failure}), the request table in
 * front of every service ({@link dev.polywire.core.bus.RequestTable}), handles with leases, streams that are pulled
 * ({@link dev.polywire.core.bus.StreamService}), and {@link dev.polywire.core.bus.Connector}, which puts them together
 * for one verticle instance.
 */
@NullMarked
package dev.polywire.core.bus;

import org.jspecify.annotations.NullMarked;

/**
 * The bus contract, the same for every protocol: failures ({@link dev.polywire.core.bus.Failure}), the request table in
 * front of every service ({@link dev.polywire.core.bus.RequestTable}), handles with leases, streams that are pulled
 * ({@link dev.polywire.core.bus.StreamService}) or given to an address ({@link dev.polywire.core.bus.BindingService}), and
 * {@link dev.polywire.core.bus.Connector}, which puts them together for one verticle instance. On the caller's side
 * {@link dev.polywire.core.bus.NodeWatch} fails what a leaving connector or a lost node takes with it.
 */
@NullMarked
package dev.polywire.core.bus;

import org.jspecify.annotations.NullMarked;

/**
 * The bus contract, the same for every protocol: {@link dev.polywire.core.bus.Connector} implements it for one verticle
 * instance, {@link dev.polywire.core.bus.Polywire} installs it. Below it are five packages, in this order; each uses only
 * those before it:
 *
 * <pre>
 *   request   a message, its reply, and the failures
 *   watch     requests that are lost with a leaving connector or a lost node
 *   handle    objects that live longer than a request
 *   stream    items that a reader pulls
 *   binding   items that are sent to an address
 * </pre>
 *
 * All other public members of these packages are for the connector: a protocol finds all it needs in the connector.
 */
@NullMarked
package dev.polywire.core.bus;

import org.jspecify.annotations.NullMarked;

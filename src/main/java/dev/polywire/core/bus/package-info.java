/**
 * The bus contract, the same for every protocol: {@link dev.polywire.core.bus.Connector} puts it together for one verticle
 * instance, {@link dev.polywire.core.bus.Polywire} installs it. Below it lie five packages, in this order, each of which uses
 * those before it and none behind it:
 *
 * <pre>
 *   request   what passes between a message and its answer, and fails
 *   watch     what a leaving connector or a lost node takes with it
 *   handle    what outlives a request
 *   stream    items that are pulled
 *   binding   items that are given to an address
 * </pre>
 *
 * What they show beside that is for the connector: a protocol finds all it needs there.
 */
@NullMarked
package dev.polywire.core.bus;

import org.jspecify.annotations.NullMarked;

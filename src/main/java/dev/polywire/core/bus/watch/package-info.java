/**
 * On the caller's side {@link dev.polywire.core.bus.watch.NodeWatch} fails what a leaving connector or a lost node takes with
 * it, and asks {@link dev.polywire.core.bus.watch.Holders} on all nodes for it. Both are public, for the connector; how they
 * ask each other is not.
 */
@NullMarked
package dev.polywire.core.bus.watch;

import org.jspecify.annotations.NullMarked;

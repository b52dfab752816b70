/**
 * On the caller's side {@link dev.polywire.core.bus.watch.NodeWatch} fails the requests that a leaving connector or a lost
 * node loses; it asks {@link dev.polywire.core.bus.watch.Holders} on all nodes about them. Both are public, for the
 * connector; the questions between them are not.
 */
@NullMarked
package dev.polywire.core.bus.watch;

import org.jspecify.annotations.NullMarked;

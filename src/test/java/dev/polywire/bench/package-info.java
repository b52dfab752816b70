/**
 * What we cost beside a peer that does the same: {@link dev.polywire.bench.Bench} runs workloads, each contender in a JVM of
 * its own, in turns. CONTRIBUTING.md has the command, docs/performance.md the figures; no test depends on it.
 */
@NullMarked
package dev.polywire.bench;

import org.jspecify.annotations.NullMarked;

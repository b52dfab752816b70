/**
 * Third-party servers and small ones of ours, in the same process, so that Polywire can be tried without installing
 * anything. Optional: nothing else depends on it.
 */
@NullMarked
package dev.polywire.embedded;

import org.jspecify.annotations.NullMarked;

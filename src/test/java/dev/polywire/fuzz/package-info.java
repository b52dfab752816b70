/** What random bytes may do to a decoder: an event or a failure of the allowed kinds. Start at {@link FuzzTargets}. */
package dev.polywire.fuzz;

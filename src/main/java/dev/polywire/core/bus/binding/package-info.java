/**
 * Items that are given to an address: start at {@link dev.polywire.core.bus.binding.BindingService}, which says what answers
 * mean. How {@link dev.polywire.core.bus.binding.Bindings} are made, told of in the status and ended is public for the connector.
 */
@NullMarked
package dev.polywire.core.bus.binding;

import org.jspecify.annotations.NullMarked;

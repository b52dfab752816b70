/**
 * Items that are sent to an address: {@link dev.polywire.core.bus.binding.BindingService} explains the answers.
 * {@link dev.polywire.core.bus.binding.Bindings} is public because the connector makes, reports and ends bindings.
 */
@NullMarked
package dev.polywire.core.bus.binding;

import org.jspecify.annotations.NullMarked;

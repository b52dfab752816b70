/**
 * EventStore as a service on the bus: {@link dev.polywire.eventstore.service.EventStoreService} is what can be asked, {@link
 * dev.polywire.eventstore.service.EventStoreVerticle} is what is deployed. Start with {@code EventStoreService}.
 */
@NullMarked
package dev.polywire.eventstore.service;

import org.jspecify.annotations.NullMarked;

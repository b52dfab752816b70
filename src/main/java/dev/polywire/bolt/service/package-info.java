/**
 * Bolt on the event bus: {@link dev.polywire.bolt.service.BoltVerticle} serves
 * {@link dev.polywire.bolt.service.BoltService}, whose values are {@link dev.polywire.bolt.service.TypedJson}; and {@link
 * dev.polywire.bolt.service.BoltServerVerticle} asks {@link dev.polywire.bolt.service.BoltQueryService} what its clients ask.
 */
@NullMarked
package dev.polywire.bolt.service;

import org.jspecify.annotations.NullMarked;

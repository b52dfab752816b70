/**
 * Bolt on the event bus: {@link dev.polywire.bolt.service.BoltVerticle} serves
 * {@link dev.polywire.bolt.service.BoltService}, whose values are {@link dev.polywire.bolt.service.TypedJson}; and {@link
 * dev.polywire.bolt.service.BoltServerVerticle} sends queries to {@link dev.polywire.bolt.service.BoltQueryService}.
 */
@NullMarked
package dev.polywire.bolt.service;

import org.jspecify.annotations.NullMarked;

/**
 * MongoDB on the event bus: {@link dev.polywire.mongodb.service.MongoVerticle} serves
 * {@link dev.polywire.mongodb.service.MongoService}, whose values are {@link dev.polywire.mongodb.service.ExtendedJson}.
 */
@NullMarked
package dev.polywire.mongodb.service;

import org.jspecify.annotations.NullMarked;

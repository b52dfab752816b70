/**
 * One MongoDB connection whose calls become futures. Start with {@link dev.polywire.mongodb.client.MongoConnection}.
 */
@NullMarked
package dev.polywire.mongodb.client;

import org.jspecify.annotations.NullMarked;

/**
 * One MongoDB connection whose calls become futures ({@link dev.polywire.mongodb.client.MongoConnection}), and a client
 * that keeps one up ({@link dev.polywire.mongodb.client.MongoClient}).
 */
@NullMarked
package dev.polywire.mongodb.client;

import org.jspecify.annotations.NullMarked;

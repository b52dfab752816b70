/**
 * Collections of documents in memory, as a MongoDB server keeps them: what is found, in which order, and what a write changes ({@link
 * dev.polywire.mongodb.store.DocumentStore}). A document keeps the bytes in which it has come. No sockets, no commands.
 */
@NullMarked
package dev.polywire.mongodb.store;

import org.jspecify.annotations.NullMarked;

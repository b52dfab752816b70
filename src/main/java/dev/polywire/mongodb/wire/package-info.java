/**
 * The MongoDB wire protocol without a socket: messages, the bounds of BSON, and the machines of both sides. Bytes become
 * records in {@link dev.polywire.mongodb.wire.MongoMessage}; the conversation is in
 * {@link dev.polywire.mongodb.wire.MongoClientMachine}. Everything is little endian.
 */
@NullMarked
package dev.polywire.mongodb.wire;

import org.jspecify.annotations.NullMarked;

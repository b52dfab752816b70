/**
 * An AMQP broker that sends what a script decides, invalid or not ({@link dev.polywire.amqp.server.ScriptedBroker}): for
 * tests of clients, and for cases that no real broker produces on demand. It has no queues.
 */
@NullMarked
package dev.polywire.amqp.server;

import org.jspecify.annotations.NullMarked;

/**
 * An AMQP broker that says what a script tells it, lies included ({@link dev.polywire.amqp.server.ScriptedBroker}): for tests
 * of clients, and for trying what no real broker does on demand. It has no queues.
 */
@NullMarked
package dev.polywire.amqp.server;

import org.jspecify.annotations.NullMarked;

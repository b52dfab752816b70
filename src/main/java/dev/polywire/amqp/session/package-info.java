/**
 * An AMQP broker with connections that recover: one for publishing and one for consuming, each with all that was declared
 * on it ({@link dev.polywire.amqp.session.RecoveringConnection}, {@link dev.polywire.amqp.wire.RecoveryPlan}). Start with
 * {@link dev.polywire.amqp.session.AmqpClient}.
 */
@NullMarked
package dev.polywire.amqp.session;

import org.jspecify.annotations.NullMarked;

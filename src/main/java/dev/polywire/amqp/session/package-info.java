/**
 * An AMQP broker whose connections come back: one for publishing and one for consuming, each with all that was made through
 * it ({@link dev.polywire.amqp.session.RecoveringConnection}, {@link dev.polywire.amqp.wire.RecoveryPlan}). Start with
 * {@link dev.polywire.amqp.session.AmqpClient}.
 */
@NullMarked
package dev.polywire.amqp.session;

import org.jspecify.annotations.NullMarked;

package dev.polywire.amqp.wire;

/** What a {@link RecoveryPlan} wants done next, on a channel of the lost connection. */
public sealed interface RecoveryStep {

    /** As it was numbered on the connection that was lost; {@link RecoveryPlan#OWN_CHANNEL}: one for the plan itself. */
    int channel();

    /** Open one; the plan's own is closed when the plan is done. */
    record OpenChannel(int channel) implements RecoveryStep {}

    /** Send this, and tell the answer. */
    record Ask(int channel, AmqpMethod request) implements RecoveryStep {}
}

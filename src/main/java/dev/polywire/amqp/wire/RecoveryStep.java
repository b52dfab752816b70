package dev.polywire.amqp.wire;

/** The next step of a {@link RecoveryPlan}, on a channel of the lost connection. */
public sealed interface RecoveryStep {

    /** Its number on the lost connection; {@link RecoveryPlan#OWN_CHANNEL}: one for the plan itself. */
    int channel();

    /** Open a channel; the plan's own is closed when the plan is done. */
    record OpenChannel(int channel) implements RecoveryStep {}

    /** Send this request, and report the answer. */
    record Ask(int channel, AmqpMethod request) implements RecoveryStep {}
}

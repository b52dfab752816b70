package dev.polywire.amqp.wire;

/**
 * The negotiated limits (AMQP 0-9-1, 1.4.2.6): of two limits the smaller, and if one of them is 0, the other.
 *
 * @param maxChannels 1 to 65,535
 * @param maxFrameBytes from 4,096 on
 * @param heartbeatSeconds 0: none
 */
public record Tuning(int maxChannels, int maxFrameBytes, int heartbeatSeconds) {

    static Tuning of(AmqpClientOptions ours, ConnectionMethod.Tune theirs) {
        long frameMax = theirs.frameMax();
        boolean senseless = frameMax > Integer.MAX_VALUE;
        if (senseless || frameMax != 0 && frameMax < AmqpLimits.LEAST_MAX_FRAME_BYTES) {
            throw new Violation(
                    ReplyCode.SYNTAX_ERROR,
                    "frame-max: " + frameMax + " (expected: 0 or " + AmqpLimits.LEAST_MAX_FRAME_BYTES + " to 2^31-1)");
        }
        return new Tuning(
                lesser(ours.limits().maxChannels(), theirs.channelMax()),
                lesser(ours.limits().maxFrameBytes(), (int) frameMax),
                lesser(ours.heartbeatSeconds(), theirs.heartbeat()));
    }

    ConnectionMethod.TuneOk answer() {
        return new ConnectionMethod.TuneOk(maxChannels, maxFrameBytes, heartbeatSeconds);
    }

    private static int lesser(int ours, int theirs) {
        return ours == 0 || theirs == 0 ? Math.max(ours, theirs) : Math.min(ours, theirs);
    }
}

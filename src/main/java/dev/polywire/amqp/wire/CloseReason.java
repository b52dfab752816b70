package dev.polywire.amqp.wire;

import dev.polywire.core.wire.Printable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Why a channel or a connection ended.
 *
 * @param byPeer whether the peer closed it
 * @param code see {@link ReplyCode}
 * @param text the peer's text, as one printable line
 * @param classId of the method that is the cause; 0: none
 */
public record CloseReason(boolean byPeer, int code, String text, int classId, int methodId) {

    /** RabbitMQ: {@code message size 11 is larger than max size 10}; Qpid: {@code Message size of 11 greater than ..}. */
    private static final Pattern TOO_LARGE =
            Pattern.compile("\\b[Mm]essage size (?:of )?([0-9]{1,18}) (?:is )?(?:larger|greater) than\\b");

    public CloseReason {
        text = Printable.line(text);
    }

    static CloseReason of(ConnectionMethod.Close close) {
        return new CloseReason(true, close.replyCode(), close.replyText(), close.classId(), close.methodId());
    }

    static CloseReason of(ChannelMethod.Close close) {
        return new CloseReason(true, close.replyCode(), close.replyText(), close.classId(), close.methodId());
    }

    /** A close by our side. */
    static CloseReason ours(int code, String text) {
        return new CloseReason(false, code, text, 0, 0);
    }

    /** Whether to try again: the server shut down or had an internal error, and the client was not the cause. */
    public boolean isServersFault() {
        ReplyCode known = ReplyCode.of(code);
        return byPeer
                && (known == ReplyCode.CONNECTION_FORCED
                        || known == ReplyCode.INTERNAL_ERROR
                        || known == ReplyCode.RESOURCE_ERROR);
    }

    /** Whether the peer ended the connection over something that was sent on it, and not by an operator's wish. */
    public boolean isHard() {
        ReplyCode known = ReplyCode.of(code);
        return byPeer && known != null && known.isHard() && known != ReplyCode.CONNECTION_FORCED;
    }

    /** Whether it names the method that is the cause. */
    public boolean isNamed() {
        return classId != 0 || methodId != 0;
    }

    /** Whether RabbitMQ refuses a consumer of a stream since it has no prefetch: one without acknowledgements. */
    public boolean isStreamWithoutPrefetch() {
        return byPeer
                && code == ReplyCode.PRECONDITION_FAILED.code()
                && text.contains("consumer prefetch count is not set for");
    }

    /** The size of the message that is too large for the peer, in bytes, from its text; -1: it does not speak of one. */
    public long tooLargeBytes() {
        Matcher said = TOO_LARGE.matcher(text);
        return byPeer && said.find() ? Long.parseLong(said.group(1)) : -1;
    }

    @Override
    public String toString() {
        return ReplyCode.text(code) + (byPeer ? " from the peer: " : " from us: ") + text;
    }
}

package dev.polywire.amqp.wire;

import dev.polywire.core.wire.Pieces;
import dev.polywire.core.wire.ProtocolException;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * Makes a message of the frames of one channel: method, header, any number of bodies (AMQP 0-9-1, 2.3.5.2). A body in one
 * frame shares the receive buffer; a body in several frames is gathered.
 */
final class ContentAssembler {

    /** No broker sends empty frames: they add nothing to a body and cost time. */
    static final int MAX_EMPTY_FRAMES = 64;

    private static final Buffer NOTHING = Buffer.buffer();

    private final AssemblyBudget budget;
    private final Pieces gathered = new Pieces();
    private boolean begun;
    private @Nullable BasicProperties properties;
    private int bodyBytes;
    private int emptyFrames;

    ContentAssembler(AssemblyBudget budget) {
        this.budget = budget;
    }

    /** Whether a message has begun and is incomplete. */
    boolean isUnfinished() {
        return begun;
    }

    /** Its method has come. */
    void begin() {
        begun = true;
        properties = null;
        emptyFrames = 0;
    }

    /**
     * Its header.
     *
     * @return the message, if its body is empty
     * @throws ProtocolException LIMIT when the body is too long
     */
    @Nullable
    Content header(AmqpReader in) {
        if (!begun || properties != null) {
            throw unexpected("header", begun ? "body" : "method");
        }
        ContentHeader header = ContentHeader.read(in);
        if (header.classId() != ContentHeader.BASIC) {
            throw new Violation(
                    ReplyCode.UNEXPECTED_FRAME,
                    "header of class " + header.classId() + " (expected: " + ContentHeader.BASIC + ")");
        }
        long size = header.bodySize();
        if (size < 0) {
            throw ProtocolException.framing("body size: " + Long.toUnsignedString(size) + " (expected: < 2^63)");
        }
        if (size > budget.maxMessageBytes()) {
            throw ProtocolException.limit("body size: " + size + " (expected: <= " + budget.maxMessageBytes() + ")");
        }
        properties = header.properties();
        bodyBytes = (int) size;
        return bodyBytes == 0 ? done(header.properties(), NOTHING) : null;
    }

    /**
     * A part of its body.
     *
     * @return the message, if it is the last part
     */
    @Nullable
    Content body(Buffer bytes, int start, int end) {
        BasicProperties known = properties;
        if (known == null) {
            throw unexpected("body", begun ? "header" : "method");
        }
        int count = end - start;
        int left = bodyBytes - gathered.length();
        if (count > left) {
            throw ProtocolException.framing("body: " + count + " bytes (expected: <= " + left + ")");
        }
        if (count == left && gathered.isEmpty()) {
            return done(known, bytes.slice(start, end));
        }
        if (count == 0 && ++emptyFrames > MAX_EMPTY_FRAMES) {
            throw ProtocolException.framing("empty body frames: more (expected: <= " + MAX_EMPTY_FRAMES + ")");
        }
        budget.take(count);
        long before = gathered.heldBytes();
        if (count < left) {
            gathered.add(bytes, start, end);
            budget.holds(gathered.heldBytes() - before);
            return null;
        }
        Buffer body = gathered.joined(bodyBytes).appendBuffer(bytes, start, count);
        budget.giveBack(bodyBytes);
        budget.holds(-before);
        return done(known, body);
    }

    /** Forgets an unfinished message: its channel is closed. */
    void clear() {
        if (!gathered.isEmpty()) {
            budget.giveBack(gathered.length());
            budget.holds(-gathered.heldBytes());
            gathered.clear();
        }
        begun = false;
        properties = null;
    }

    private Content done(BasicProperties finished, Buffer body) {
        clear();
        return new Content(finished, body);
    }

    private static Violation unexpected(String came, String expected) {
        return new Violation(ReplyCode.UNEXPECTED_FRAME, came + " frame (expected: " + expected + ")");
    }
}

package dev.polywire.amqp.client;

import dev.polywire.amqp.wire.AmqpEvent;
import dev.polywire.amqp.wire.AmqpReader;
import dev.polywire.amqp.wire.AmqpWriter;
import dev.polywire.amqp.wire.BasicProperties;
import dev.polywire.amqp.wire.CloseReason;
import dev.polywire.amqp.wire.Content;
import dev.polywire.amqp.wire.ContentMethod;
import dev.polywire.core.net.Call;
import dev.polywire.core.net.Deadline;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A publish that waits for its confirm. */
final class UnconfirmedPublish extends Call<Void> {

    private final ContentMethod.Publish method;
    /** A return is compared with this; null if the broker cannot return the publish. */
    private final @Nullable Content content;

    private final int bodyBytes;
    private @Nullable AmqpException returned;

    UnconfirmedPublish(ContentMethod.Publish method, Content content, @Nullable Deadline deadline) {
        super(true, deadline);
        this.method = method;
        this.content = method.mandatory() || method.immediate() ? content : null;
        this.bodyBytes = content.body().length();
    }

    @Override
    protected String operation() {
        return "basic.publish";
    }

    /**
     * Whether the return may be for this publish: a return does not carry the publish's number.
     *
     * @param exactly compares all properties; else of these only the message-id, since a broker may add its own
     */
    boolean takes(AmqpEvent.Returned back, boolean exactly) {
        Content ours = content;
        boolean same = ours != null
                && returned == null
                && ours.body().length() == back.content().body().length()
                && method.routingKey().equals(back.method().routingKey())
                && method.exchange().equals(back.method().exchange())
                && isSame(ours.properties(), back.content().properties(), exactly)
                && ours.body().equals(back.content().body());
        if (same) {
            returned = AmqpException.returned(back.method());
        }
        return same;
    }

    private static boolean isSame(BasicProperties ours, BasicProperties back, boolean exactly) {
        return exactly
                ? ours.equals(back)
                        || !ours.headers().isEmpty() && asReceived(ours).equals(back)
                : Objects.equals(ours.messageId(), back.messageId());
    }

    /** A value written as a {@code String} or an {@code Instant} is read as another type. */
    private static BasicProperties asReceived(BasicProperties ours) {
        AmqpWriter out = new AmqpWriter();
        ours.write(out);
        return BasicProperties.read(new AmqpReader(out.copy()));
    }

    void confirmed(boolean taken) {
        RuntimeException why = returned != null ? returned : taken ? null : AmqpException.nacked();
        if (why == null) {
            done();
        } else {
            failed(why);
        }
    }

    /** Whether the broker, which closes over a publish, may mean this one: too large, or sent to the exchange that it names. */
    boolean isMeant(CloseReason reason) {
        long tooLargeBytes = reason.tooLargeBytes();
        return tooLargeBytes >= 0 ? bodyBytes >= tooLargeBytes : reason.text().contains("'" + method.exchange() + "'");
    }
}

package dev.polywire.core.bus.request;

import dev.polywire.core.json.JsonWeight;
import dev.polywire.core.net.CallException;
import dev.polywire.core.net.Deadline;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.serviceproxy.ServiceException;
import org.jspecify.annotations.Nullable;

/**
 * A message that passed the request table and has no answer yet. All answers go through its {@code reply}: the first answer
 * is sent, later ones are dropped and counted.
 *
 * @param <T> the body
 */
public final class Request<T> implements Message<T>, Deadline.Owner {

    private final Message<?> message;
    private final T body;
    private final RequestTable table;
    private final String key;
    private final boolean bounded;
    private final long heldBytes;
    /** Why it ends before its deadline. */
    private @Nullable CallException dropped;

    private @Nullable Deadline deadline;
    private @Nullable Object instead;
    private DeliveryOptions insteadOptions = new DeliveryOptions();
    private boolean answered;

    Request(Message<?> message, T body, RequestTable table, String key, boolean bounded) {
        this.message = message;
        this.body = body;
        this.table = table;
        this.key = key;
        this.bounded = bounded;
        this.heldBytes = JsonWeight.of(body);
    }

    /** The time after which its caller no longer waits. */
    public Deadline deadline() {
        if (deadline == null) {
            throw new IllegalStateException("not admitted");
        }
        return deadline;
    }

    void admit(Deadline deadline) {
        this.deadline = deadline;
    }

    @Override
    public void expired() {
        if (!answered) {
            fail(Failure.TIMEOUT.because("no answer within " + RequestTable.deadlineMillis(message) + " ms"));
        }
    }

    @Override
    public long heldBytes() {
        return heldBytes;
    }

    /** It ends now, with what its deadline would mean for it, as OVERLOADED: whoever holds it releases it. */
    void drop(CallException why) {
        dropped = why;
        deadline().end();
    }

    /** The sender, where it is known (a bridge sets it); empty: a caller on the bus. */
    public String caller() {
        String caller = headers().get(RequestTable.CALLER);
        return caller == null ? "" : caller;
    }

    /** Whether it counts against the limit of requests. */
    boolean bounded() {
        return bounded;
    }

    public boolean answered() {
        return answered;
    }

    /** Replies with one of our failures, whatever {@code cause} is. */
    public void fail(Throwable cause) {
        reply(table.failure(cause), new DeliveryOptions());
    }

    /** Sends the answer of a generated handler in another form; a failure is sent as it is. */
    public void answerAs(Object form, DeliveryOptions options) {
        instead = form;
        insteadOptions = options;
    }

    @Override
    public void reply(@Nullable Object answer, DeliveryOptions options) {
        if (isFirst()) {
            // A generated handler answers 500 or -1 with the text of any exception.
            ReplyException failure = answer instanceof ReplyException any ? asDropped(Failure.of(any)) : null;
            table.answering(this, failure);
            try {
                send(failure == null ? answer : failure, options);
            } finally {
                table.remove(key, this);
            }
        }
    }

    @Override
    public <R> Future<Message<R>> replyAndRequest(@Nullable Object answer, DeliveryOptions options) {
        if (!isFirst()) {
            return Future.failedFuture("answered before");
        }
        table.answering(this, null);
        try {
            return message.replyAndRequest(answer, options);
        } finally {
            table.remove(key, this);
        }
    }

    @Override
    public String address() {
        return message.address();
    }

    @Override
    public MultiMap headers() {
        return message.headers();
    }

    @Override
    public T body() {
        return body;
    }

    @Override
    public @Nullable String replyAddress() {
        return message.replyAddress();
    }

    @Override
    public boolean isSend() {
        return message.isSend();
    }

    private ServiceException asDropped(ServiceException failure) {
        return dropped == null
                ? failure
                : Failure.OVERLOADED.because(
                        dropped.getMessage(),
                        failure.getDebugInfo().getBoolean("retryable", false),
                        failure.getDebugInfo().getBoolean("mayHaveExecuted", true),
                        null);
    }

    private boolean isFirst() {
        if (answered) {
            table.answeredTwice();
            return false;
        }
        answered = true;
        deadline().met();
        return true;
    }

    /** The request is held until its answer was sent: a node watch would take a request that is not held for lost. */
    private void send(@Nullable Object answer, DeliveryOptions options) {
        if (message.replyAddress() == null) {
            return;
        }
        try {
            if (instead != null && !(answer instanceof ReplyException)) {
                message.reply(instead, insteadOptions);
            } else {
                message.reply(answer, options);
            }
        } catch (IllegalArgumentException noCodec) {
            message.reply(Failure.of(noCodec));
        }
    }
}

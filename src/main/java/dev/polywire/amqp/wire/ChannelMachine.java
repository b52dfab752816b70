package dev.polywire.amqp.wire;

import dev.polywire.amqp.wire.ChannelTransitions.Input;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One channel of an {@link AmqpClientMachine}: which requests wait for an answer, and the received part of a message. */
final class ChannelMachine {

    /** A request without its answer. */
    private record Pending(long number, AmqpMethod method) {}

    private final int number;
    private final FrameWriter out;
    private final ContentAssembler contents;
    private final ArrayDeque<Pending> pending = new ArrayDeque<>();
    private final Set<String> consumers = new HashSet<>();
    /** A consumer was cancelled without an answer: when its last message comes is unknown. */
    private boolean cancelledUnseen;

    private ChannelState state = ChannelState.OPENING;
    private @Nullable OutstandingPublishes publishes;
    /** The method that carries the content, and the request that it answers. */
    private @Nullable ContentMethod carrier;

    private long answered;
    private CloseReason wanted = CloseReason.ours(200, "");

    ChannelMachine(int number, FrameWriter out, ContentAssembler contents) {
        this.number = number;
        this.out = out;
        this.contents = contents;
        out.method(number, new ChannelMethod.Open());
    }

    ChannelState state() {
        return state;
    }

    int pendingRequests() {
        return pending.size();
    }

    void send(AmqpMethod method, long request) {
        state = require(Input.WE_SEND, method.name());
        if (method instanceof BasicMethod.Consume consume
                && consume.noWait()
                && consume.consumerTag().isEmpty()) {
            throw new IllegalArgumentException("consumerTag: empty (expected: one, with noWait)");
        }
        out.method(number, method);
        if (method instanceof SynchronousMethod synchronous && !synchronous.noWait()) {
            pending.add(new Pending(request, method));
        }
        if (method instanceof BasicMethod.Consume consume
                && !consume.consumerTag().isEmpty()) {
            consumers.add(consume.consumerTag());
        } else if (method instanceof BasicMethod.Cancel cancel && cancel.noWait()) {
            cancelledUnseen = true;
        } else if (method instanceof ConfirmMethod.Select && publishes == null) {
            publishes = new OutstandingPublishes();
        }
    }

    /** The number of the publish; 0: it will not be confirmed. */
    long publish(ContentMethod.Publish method, Content content) {
        state = require(Input.WE_SEND, method.name());
        OutstandingPublishes confirmed = publishes;
        if (confirmed != null) {
            confirmed.requireRoom();
        }
        out.content(number, method, content);
        return confirmed == null ? 0 : confirmed.add();
    }

    void close(int code, String text) {
        ChannelState closing = require(Input.WE_CLOSE, "channel.close");
        out.method(number, new ChannelMethod.Close(code, text, 0, 0));
        wanted = CloseReason.ours(code, text);
        state = closing;
        // Its rest is dropped when it comes; the broker requeues what is unsettled.
        contents.clear();
    }

    @Nullable
    AmqpEvent method(AmqpMethod method) {
        if (method instanceof ChannelMethod.Close close) {
            return closed(close);
        }
        if (method instanceof ChannelMethod.CloseOk) {
            state = expect(Input.CLOSE_OK, method);
            return ended(wanted);
        }
        Input input = method instanceof ChannelMethod.OpenOk ? Input.OPEN_OK : Input.FRAME;
        boolean dropped = state == ChannelState.CLOSING;
        state = expect(input, method);
        if (dropped) {
            return null;
        }
        if (contents.isUnfinished()) {
            throw new Violation(ReplyCode.UNEXPECTED_FRAME, method.name() + " inside a content (expected: its rest)");
        }
        return input == Input.OPEN_OK ? new AmqpEvent.ChannelOpened(number) : received(method);
    }

    /** A frame of a content. */
    @Nullable
    AmqpEvent content(FrameInput in) {
        if (state == ChannelState.OPENING) {
            throw new Violation(
                    ReplyCode.UNEXPECTED_FRAME, in.name() + " on a channel that is opening (expected: open-ok)");
        }
        if (state == ChannelState.CLOSING) {
            return null;
        }
        Content whole = in.addTo(contents);
        return whole == null ? null : message(whole);
    }

    private @Nullable AmqpEvent received(AmqpMethod method) {
        if (method instanceof ContentMethod begun) {
            begin(begun);
            return null;
        } else if (method instanceof BasicMethod.Ack ack) {
            return confirmed(ack.deliveryTag(), ack.multiple(), true, ack);
        } else if (method instanceof BasicMethod.Nack nack) {
            return confirmed(nack.deliveryTag(), nack.multiple(), false, nack);
        } else if (method instanceof BasicMethod.Cancel cancel) {
            return cancelled(cancel);
        } else if (method instanceof ChannelMethod.Flow flow) {
            out.method(number, new ChannelMethod.FlowOk(flow.active()));
            return new AmqpEvent.Flow(number, flow.active());
        }
        long request = answers(method);
        if (method instanceof BasicMethod.ConsumeOk ok) {
            consumers.add(ok.consumerTag());
        } else if (method instanceof BasicMethod.CancelOk ok) {
            consumers.remove(ok.consumerTag());
        }
        return new AmqpEvent.Reply(number, request, method, null);
    }

    private void begin(ContentMethod begun) {
        if (begun instanceof ContentMethod.Deliver deliver) {
            if (!consumers.contains(deliver.consumerTag()) && !cancelledUnseen) {
                throw new Violation(
                        ReplyCode.COMMAND_INVALID,
                        "basic.deliver for an unknown consumer (expected: one of " + consumers.size() + ")");
            }
        } else if (begun instanceof ContentMethod.GetOk) {
            answered = answers(begun);
        } else if (begun instanceof ContentMethod.Publish) {
            throw unexpected(begun);
        }
        carrier = begun;
        contents.begin();
    }

    private AmqpEvent message(Content whole) {
        if (carrier instanceof ContentMethod.Deliver deliver) {
            return new AmqpEvent.Delivery(number, deliver, whole);
        }
        if (carrier instanceof ContentMethod.Return returned) {
            return new AmqpEvent.Returned(number, returned, whole);
        }
        return new AmqpEvent.Reply(number, answered, Objects.requireNonNull(carrier), whole);
    }

    private AmqpEvent confirmed(long publish, boolean multiple, boolean taken, AmqpMethod method) {
        if (publishes == null) {
            throw unexpected(method);
        }
        publishes.settle(publish, multiple);
        return new AmqpEvent.Confirmed(number, publish, multiple, taken);
    }

    private @Nullable AmqpEvent cancelled(BasicMethod.Cancel cancel) {
        String tag = cancel.consumerTag();
        if (!cancel.noWait()) {
            out.method(number, new BasicMethod.CancelOk(tag));
        }
        return consumers.remove(tag) ? new AmqpEvent.ConsumerCancelled(number, tag) : null;
    }

    /**
     * The request that this answers, which waits no more. Answers come in order, except for consumers: RabbitMQ's queues
     * send those, not its channel. A request with an empty tag takes the answer that no other request waits for.
     */
    private long answers(AmqpMethod reply) {
        Pending found = null;
        for (Pending each : pending) {
            if (each.method().isAnsweredBy(reply)) {
                boolean exact = !(each.method() instanceof BasicMethod.Consume consume)
                        || !consume.consumerTag().isEmpty();
                found = exact || found == null ? each : found;
                if (exact) {
                    break;
                }
            }
        }
        if (found == null) {
            throw unexpected(reply);
        }
        pending.remove(found);
        return found.number();
    }

    private AmqpEvent.@Nullable ChannelClosed closed(ChannelMethod.Close close) {
        state = expect(Input.CLOSE, close);
        out.method(number, new ChannelMethod.CloseOk());
        return state == ChannelState.CLOSED ? ended(CloseReason.of(close)) : null;
    }

    private AmqpEvent.ChannelClosed ended(CloseReason reason) {
        contents.clear();
        pending.clear();
        return new AmqpEvent.ChannelClosed(number, reason);
    }

    private ChannelState require(Input input, String what) {
        ChannelState next = ChannelTransitions.next(state, input);
        if (next == null) {
            throw new IllegalStateException(what + " on channel " + number + " in state " + state);
        }
        return next;
    }

    private ChannelState expect(Input input, AmqpMethod method) {
        ChannelState next = ChannelTransitions.next(state, input);
        if (next == null) {
            throw new Violation(
                    ReplyCode.CHANNEL_ERROR,
                    method.name() + " in state " + state + " of its channel (expected: another)");
        }
        return next;
    }

    private static Violation unexpected(AmqpMethod method) {
        return new Violation(ReplyCode.COMMAND_INVALID, method.name() + ": not asked for (expected: another)");
    }
}

package dev.polywire.amqp.server;

import dev.polywire.amqp.wire.AmqpLimits;
import dev.polywire.amqp.wire.AmqpMethod;
import dev.polywire.amqp.wire.AmqpServerEvent;
import dev.polywire.amqp.wire.AmqpServerMachine;
import dev.polywire.amqp.wire.BasicMethod;
import dev.polywire.amqp.wire.ChannelMethod;
import dev.polywire.amqp.wire.ConfirmMethod;
import dev.polywire.amqp.wire.ConnectionMethod;
import dev.polywire.amqp.wire.Content;
import dev.polywire.amqp.wire.ContentMethod;
import dev.polywire.amqp.wire.ReplyCode;
import dev.polywire.core.net.OpenSocket;
import dev.polywire.core.net.ScriptedConnection;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;

/** One client of a {@link ScriptedBroker}. Calls from any thread are executed in their order, on its own context. */
public final class ScriptedClient extends ScriptedConnection<AmqpServerEvent> {

    private final AmqpServerMachine machine;
    private final OrdinaryAnswers answers;
    private final ScriptedBroker.Script script;
    /** The number of the last publish on each channel in confirm mode. */
    private final Map<Integer, Long> published = new HashMap<>();

    private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();
    private long methods;

    ScriptedClient(
            OpenSocket<AmqpServerEvent> socket,
            int number,
            AmqpServerMachine machine,
            OrdinaryAnswers answers,
            ScriptedBroker.Script script) {
        super(socket, number);
        this.machine = machine;
        this.answers = answers;
        this.script = script;
    }

    /** How many methods it has sent, the present one counted: for "drop after n". Only on its context. */
    public long methods() {
        return methods;
    }

    /** The number of the channel's last publish, if there was a {@code confirm.select}; else 0. Only on its context. */
    public long published(int channel) {
        return published.getOrDefault(channel, 0L);
    }

    /** Gives the usual answer, now or later; to a publish only now: later the script must know its number. */
    public void answer(AmqpServerEvent.Method asked) {
        long publish = asked.method() instanceof ContentMethod.Publish ? published(asked.channel()) : 0;
        write(() -> {
            AmqpMethod answer = publish > 0 ? new BasicMethod.Ack(publish, false) : answers.to(asked.method());
            if (answer != null) {
                machine.send(asked.channel(), answer);
            }
            if (answer instanceof ConnectionMethod.CloseOk) {
                close();
            }
        });
    }

    /** Sends a method. */
    public void send(int channel, AmqpMethod method) {
        write(() -> machine.send(channel, method));
    }

    /** Sends a message: {@code deliver}, {@code return} or {@code get-ok}. */
    public void send(int channel, ContentMethod method, Content content) {
        write(() -> machine.send(channel, method, content));
    }

    /** Returns a mandatory publish: 312 NO_ROUTE. The script sends the confirm. */
    public void giveBack(AmqpServerEvent.Method publish) {
        Content content = publish.content();
        if (publish.method() instanceof ContentMethod.Publish to && content != null) {
            send(publish.channel(), new ContentMethod.Return(312, "NO_ROUTE", to.exchange(), to.routingKey()), content);
        }
    }

    /** Ends a channel. */
    public void closeChannel(int channel, ReplyCode code, String text) {
        send(channel, new ChannelMethod.Close(code.code(), text, 0, 0));
    }

    /** Ends the connection with {@code connection.close}; the socket stays open until the client has answered. */
    public void closeConnection(ReplyCode code, String text) {
        send(0, new ConnectionMethod.Close(code.code(), text, 0, 0));
    }

    /** Sends bytes as they are: half a frame, or bytes that are not a frame. */
    public void raw(Buffer bytes) {
        write(() -> machine.raw(bytes));
    }

    public void heartbeat() {
        write(machine::heartbeat);
    }

    /** Whether the client reads more slowly than the script sends. Only on its context. */
    public boolean isFull() {
        return socket().writeQueueFull();
    }

    /** Runs a step once, as soon as the client is not full: at once if it is not full now. */
    public void whenRoom(Runnable step) {
        onContext(() -> {
            if (isFull()) {
                waiting.add(step);
            } else {
                step.run();
            }
        });
    }

    @Override
    protected void event(AmqpServerEvent event) {
        if (event instanceof AmqpServerEvent.Header && !script.greeted(this)) {
            send(0, answers.greeting());
        } else if (event instanceof AmqpServerEvent.Method asked) {
            methods++;
            if (asked.method() instanceof ConfirmMethod.Select) {
                published.putIfAbsent(asked.channel(), 0L);
            } else if (asked.method() instanceof ContentMethod.Publish) {
                published.computeIfPresent(asked.channel(), (channel, last) -> last + 1);
            } else if (asked.method() instanceof ChannelMethod.Open) {
                published.remove(asked.channel());
            } else if (asked.method() instanceof ConnectionMethod.TuneOk tuned) {
                machine.limit((int) Math.max(
                        AmqpLimits.LEAST_MAX_FRAME_BYTES,
                        Math.min(tuned.frameMax(), AmqpLimits.DEFAULT_MAX_FRAME_BYTES)));
            }
            if (!script.asked(this, asked)) {
                answer(asked);
                if (asked.method() instanceof ConnectionMethod.CloseOk) {
                    close();
                }
            }
        } else if (event instanceof AmqpServerEvent.Heartbeat) {
            script.heartbeat(this);
        }
    }

    @Override
    protected void drained() {
        for (Runnable step = waiting.poll(); step != null; step = waiting.poll()) {
            step.run();
        }
    }

    @Override
    protected void ended(RuntimeException cause) {
        script.closed(this, cause);
    }
}

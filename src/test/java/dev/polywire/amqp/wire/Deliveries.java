package dev.polywire.amqp.wire;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.impl.AMQCommand;
import com.rabbitmq.client.impl.AMQImpl;
import com.rabbitmq.client.impl.Frame;
import dev.polywire.core.wire.FrameTap;
import io.vertx.core.buffer.Buffer;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Date;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * Messages of 1 KiB as {@code basic.deliver}: three frames each, as many as a socket gives or takes at a time. Ours as a
 * connection does it, the machine's checks included; RabbitMQ's Java client with its frames and commands, and no channel.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class Deliveries {

    private static final int COUNT = 32;
    private static final int CHANNEL = 1;
    private static final byte[] BODY = new byte[1024];
    private static final String ID = "5f0e3c1a-8a57-4b6e-9d0c-2f4b7d1c9a11";

    @Param({"plain", "headers"})
    public String properties = "plain";

    private final ContentMethod.Deliver method =
            new ContentMethod.Deliver("amq.ctag-1qcX0lBzXbZ9u3w", 77, false, "orders", "orders.eu.created");
    private final AMQImpl.Basic.Deliver theirMethod =
            new AMQImpl.Basic.Deliver("amq.ctag-1qcX0lBzXbZ9u3w", 77, false, "orders", "orders.eu.created");
    private final FrameWriter out = new FrameWriter(AmqpLimits.DEFAULT_MAX_FRAME_BYTES, FrameTap.NONE);
    private final ByteArrayOutputStream theirOut = new ByteArrayOutputStream(COUNT * 2 * BODY.length);
    private Content content = new Content(Buffer.buffer(BODY));
    private AMQP.BasicProperties theirProperties = new AMQP.BasicProperties();
    private AmqpClientMachine machine = Conversation.open().client;
    private byte[] stream = {};
    private Buffer received = Buffer.buffer();

    @Setup
    public void prepare() {
        BasicProperties ours = BasicProperties.NONE
                .with(Property.CONTENT_TYPE, "application/json")
                .with(Property.DELIVERY_MODE, 2)
                .with(Property.MESSAGE_ID, ID);
        AMQP.BasicProperties.Builder theirs = new AMQP.BasicProperties.Builder()
                .contentType("application/json")
                .deliveryMode(2)
                .messageId(ID);
        if (properties.equals("headers")) {
            Map<String, Object> headers = Map.of("attempt", 3L, "tenant", LongString.of("blue"), "sampled", true);
            ours = ours.with(Property.HEADERS, headers).with(Property.TIMESTAMP, new Timestamp(1_700_000_000));
            theirs.headers(Map.of("attempt", 3L, "tenant", "blue", "sampled", true))
                    .timestamp(new Date(1_700_000_000_000L));
        }
        content = new Content(ours, Buffer.buffer(BODY));
        theirProperties = theirs.build();
        received = encode();
        stream = received.getBytes();
        Conversation conversation = Conversation.open();
        int channel = conversation.channel();
        conversation.client.send(
                channel, new BasicMethod.Consume("q", method.consumerTag(), false, false, false, true, Map.of()));
        conversation.move();
        machine = conversation.client;
    }

    @Benchmark
    @OperationsPerInvocation(COUNT)
    public Buffer encode() {
        for (int i = 0; i < COUNT; i++) {
            out.content(CHANNEL, method, content);
        }
        return out.take();
    }

    @Benchmark
    @OperationsPerInvocation(COUNT)
    public int encodeByOfficial() throws IOException {
        theirOut.reset();
        DataOutputStream data = new DataOutputStream(theirOut);
        for (int i = 0; i < COUNT; i++) {
            theirMethod.toFrame(CHANNEL).writeTo(data);
            theirProperties.toFrame(CHANNEL, BODY.length).writeTo(data);
            Frame.fromBodyFragment(CHANNEL, java.nio.ByteBuffer.wrap(BODY), 0, BODY.length)
                    .writeTo(data);
        }
        return theirOut.size();
    }

    @Benchmark
    @OperationsPerInvocation(COUNT)
    public void decode(Blackhole hole) {
        machine.receive(received, 0);
        for (AmqpEvent event = machine.nextEvent(); event != null; event = machine.nextEvent()) {
            hole.consume(event);
        }
    }

    @Benchmark
    @OperationsPerInvocation(COUNT)
    public void decodeByOfficial(Blackhole hole) throws IOException {
        DataInputStream data = new DataInputStream(new BufferedInputStream(new ByteArrayInputStream(stream)));
        for (int i = 0; i < COUNT; i++) {
            AMQCommand command = new AMQCommand();
            boolean whole = false;
            while (!whole) {
                whole = command.handleFrame(Frame.readFrom(data, () -> AmqpLimits.DEFAULT_MAX_FRAME_BYTES));
            }
            hole.consume(command.getMethod());
            hole.consume(command.getContentHeader());
            hole.consume(command.getContentBody());
        }
    }
}

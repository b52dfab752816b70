package dev.polywire.testing;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.dns.AddressResolverOptions;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A name server (RFC 1035) in the hands of a test, over UDP and, for what is too long for that, over TCP. A name that it has not
 * been told does not exist.
 */
public final class NameServer implements AutoCloseable {

    /** Kinds of records. */
    public enum Type {
        A(1),
        TXT(16),
        AAAA(28),
        SRV(33);

        final int number;

        Type(int number) {
            this.number = number;
        }
    }

    public static final int SERVER_FAILURE = 2;
    public static final int REFUSED = 5;

    private static final int NO_SUCH_NAME = 3;
    private static final int HEADER_BYTES = 12;
    /** Most records begin with the name of the question. */
    private static final short NAME_OF_THE_QUESTION = (short) 0xc00c;

    private static final int RESPONSE = 0x8180;
    private static final int TRUNCATED = 0x0200;

    private final DatagramSocket udp;
    private final ServerSocket tcp;
    private final Map<String, Map<Integer, List<Buffer>>> names = new ConcurrentHashMap<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final AtomicInteger unheard = new AtomicInteger();
    private volatile int code;
    private volatile boolean tooLong;

    public NameServer() {
        // One that the system does not give out: it may be free for streams while somebody's question has it for
        // datagrams.
        tcp = Ports.listen(0);
        udp = io(() -> new DatagramSocket(tcp.getLocalPort(), InetAddress.getLoopbackAddress()));
        start(this::serveDatagrams);
        start(this::serveStreams);
    }

    public static Buffer address(String address) {
        return Buffer.buffer(io(() -> InetAddress.getByName(address).getAddress()));
    }

    public static Buffer service(int priority, int weight, int port, String target) {
        return Buffer.buffer()
                .appendUnsignedShort(priority)
                .appendUnsignedShort(weight)
                .appendUnsignedShort(port)
                .appendBuffer(name(target));
    }

    public static Buffer texts(String... texts) {
        Buffer all = Buffer.buffer();
        for (String each : texts) {
            all.appendByte((byte) each.length()).appendString(each, "ISO-8859-1");
        }
        return all;
    }

    public int port() {
        return udp.getLocalPort();
    }

    /** @param records their data */
    public NameServer has(String name, Type type, Buffer... records) {
        names.computeIfAbsent(name, first -> new ConcurrentHashMap<>()).put(type.number, List.of(records));
        return this;
    }

    /** From now on every answer is this code. */
    public void fails(int code) {
        this.code = code;
    }

    /** The next questions are not answered. */
    public void ignores(int questions) {
        unheard.set(questions);
    }

    /** From now on answers are sent over TCP only. */
    public void isTooLongForDatagrams() {
        tooLong = true;
    }

    /** The names it was asked for. */
    public List<String> asked() {
        return asked;
    }

    /** Of one that asks this name server. */
    public VertxOptions options() {
        return new VertxOptions()
                .setAddressResolverOptions(new AddressResolverOptions().addServer("127.0.0.1:" + port()));
    }

    /** One that asks this name server, by Vert.x's own resolver. */
    public Vertx vertx() {
        String before = System.setProperty("vertx.disableDnsResolver", "false");
        try {
            return Vertx.vertx(options());
        } finally {
            if (before == null) {
                System.clearProperty("vertx.disableDnsResolver");
            } else {
                System.setProperty("vertx.disableDnsResolver", before);
            }
        }
    }

    @Override
    public void close() {
        udp.close();
        io(() -> {
            tcp.close();
            return tcp;
        });
    }

    private static Buffer name(String name) {
        Buffer labels = Buffer.buffer();
        for (String label : name.split("\\.")) {
            if (!label.isEmpty()) {
                labels.appendByte((byte) label.length()).appendString(label, "ISO-8859-1");
            }
        }
        return labels.appendByte((byte) 0);
    }

    private void serveDatagrams() throws IOException {
        while (!udp.isClosed()) {
            DatagramPacket question = new DatagramPacket(new byte[4_096], 4_096);
            udp.receive(question);
            Buffer answer = answer(Buffer.buffer(Arrays.copyOf(question.getData(), question.getLength())), tooLong);
            if (answer != null) {
                udp.send(new DatagramPacket(answer.getBytes(), answer.length(), question.getSocketAddress()));
            }
        }
    }

    private void serveStreams() throws IOException {
        while (!tcp.isClosed()) {
            try (Socket client = tcp.accept()) {
                DataInputStream in = new DataInputStream(client.getInputStream());
                Buffer answer = answer(Buffer.buffer(in.readNBytes(in.readUnsignedShort())), false);
                if (answer != null) {
                    client.getOutputStream()
                            .write(Buffer.buffer()
                                    .appendUnsignedShort(answer.length())
                                    .appendBuffer(answer)
                                    .getBytes());
                }
            }
        }
    }

    /** Null: none. */
    private Buffer answer(Buffer question, boolean truncated) {
        List<String> labels = new ArrayList<>();
        int at = HEADER_BYTES;
        for (int length = question.getByte(at++); length != 0; length = question.getByte(at++)) {
            labels.add(question.getString(at, at + length));
            at += length;
        }
        String name = String.join(".", labels);
        asked.add(name);
        if (unheard.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            return null;
        }
        Map<Integer, List<Buffer>> types = names.get(name);
        int said = code != 0 ? code : types == null ? NO_SUCH_NAME : 0;
        List<Buffer> records =
                truncated || said != 0 ? List.of() : types.getOrDefault(question.getUnsignedShort(at), List.of());
        Buffer answer = Buffer.buffer()
                .appendBuffer(question, 0, 2)
                .appendUnsignedShort(RESPONSE | said | (truncated ? TRUNCATED : 0))
                .appendUnsignedShort(1)
                .appendUnsignedShort(records.size())
                .appendInt(0)
                .appendBuffer(question, HEADER_BYTES, at + 4 - HEADER_BYTES);
        for (Buffer data : records) {
            answer.appendShort(NAME_OF_THE_QUESTION)
                    .appendUnsignedShort(question.getUnsignedShort(at))
                    .appendUnsignedShort(1)
                    .appendInt(60)
                    .appendUnsignedShort(data.length())
                    .appendBuffer(data);
        }
        return answer;
    }

    @FunctionalInterface
    private interface Step<T> {

        T run() throws IOException;
    }

    private static <T> T io(Step<T> step) {
        try {
            return step.run();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @FunctionalInterface
    private interface Serving {

        void run() throws IOException;
    }

    /** Until the socket is closed. */
    private static void start(Serving serving) {
        Thread thread = new Thread(
                () -> {
                    try {
                        serving.run();
                    } catch (IOException closed) {
                        // The test is over.
                    }
                },
                "name-server");
        thread.setDaemon(true);
        thread.start();
    }
}

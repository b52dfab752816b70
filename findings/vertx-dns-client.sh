#!/usr/bin/env bash
# vertx-core 5.1.6 (io.vertx:vertx-core): DnsClient reads the weight of an SRV record as signed, and forgets where TXT records end.
#
# Expected (RFC 2782): priority, weight and port of an SRV record are numbers from 0 to 65535. (RFC 1035, 3.3.14): a TXT record has
#   one or more texts, and a name may have several records; a reader that joins the texts of a record, as SPF and MongoDB's connection
#   strings need it, has to know which texts belong together.
# Seen: a weight of 40000 is -25536, so the heaviest target counts as the lightest; the port of the same record is right. resolveTXT
#   gives one flat list of texts: a record of two texts and another of one look like three records.
# The output on 2026-11-30, with OpenJDK 17:
#> SRV priority 10, weight -25536, port 50000 (sent: 10, 40000, 50000)
#> SRV priority 10, weight 100, port 50001 (sent: 10, 100, 50001)
#> TXT [replicaSet=rs&auth, Source=admin, other] (sent: [replicaSet=rs&auth, Source=admin] and [other])
#
# Needs a JDK 17 and Maven 3.8.
set -euo pipefail

. "$(dirname "$0")/lib/vertx.sh"

cat >"$folder/Main.java" <<'JAVA'
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.dns.DnsClient;
import io.vertx.core.dns.DnsClientOptions;
import io.vertx.core.dns.SrvRecord;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;

public class Main {

    private static final int SRV = 33;
    private static final int TXT = 16;

    public static void main(String[] arguments) throws Exception {
        DatagramSocket server = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        Thread serving = new Thread(() -> serve(server));
        serving.setDaemon(true);
        serving.start();
        Vertx vertx = Vertx.vertx();
        DnsClient client = vertx.createDnsClient(
                new DnsClientOptions().setHost("127.0.0.1").setPort(server.getLocalPort()));
        List<SrvRecord> records = get(client.resolveSRV("_service._tcp.example.test")).stream()
                .sorted(Comparator.comparing(SrvRecord::port))
                .toList();
        int[] sent = {40_000, 100};
        for (int i = 0; i < records.size(); i++) {
            SrvRecord each = records.get(i);
            System.out.println("SRV priority " + each.priority() + ", weight " + each.weight() + ", port " + each.port()
                    + " (sent: 10, " + sent[i] + ", " + (50_000 + i) + ")");
        }
        System.out.println("TXT " + get(client.resolveTXT("example.test"))
                + " (sent: [replicaSet=rs&auth, Source=admin] and [other])");
        get(vertx.close());
    }

    private static <T> T get(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    /** Answers each question by its type. */
    private static void serve(DatagramSocket server) {
        byte[] room = new byte[512];
        try {
            while (true) {
                DatagramPacket asked = new DatagramPacket(room, room.length);
                server.receive(asked);
                Buffer all = Buffer.buffer(room).getBuffer(0, asked.getLength());
                int end = 12;
                while (all.getByte(end) != 0) {
                    end += all.getUnsignedByte(end) + 1;
                }
                int type = all.getUnsignedShort(end + 1);
                List<Buffer> answers = type == SRV
                        ? List.of(srv(40_000, 50_000), srv(100, 50_001))
                        : List.of(txt("replicaSet=rs&auth", "Source=admin"), txt("other"));
                Buffer answer = all.getBuffer(0, 2)
                        .appendUnsignedShort(0x8180)
                        .appendUnsignedShort(1)
                        .appendUnsignedShort(answers.size())
                        .appendInt(0)
                        .appendBuffer(all.getBuffer(12, end + 5));
                for (Buffer each : answers) {
                    // The name is that of the question, which stands at 12.
                    answer.appendUnsignedShort(0xc00c)
                            .appendUnsignedShort(type)
                            .appendUnsignedShort(1)
                            .appendInt(60)
                            .appendUnsignedShort(each.length())
                            .appendBuffer(each);
                }
                byte[] bytes = answer.getBytes();
                server.send(new DatagramPacket(bytes, bytes.length, asked.getSocketAddress()));
            }
        } catch (java.io.IOException closed) {
            throw new IllegalStateException(closed);
        }
    }

    private static Buffer srv(int weight, int port) {
        return Buffer.buffer()
                .appendUnsignedShort(10)
                .appendUnsignedShort(weight)
                .appendUnsignedShort(port)
                .appendBuffer(text("a"))
                .appendBuffer(text("test"))
                .appendByte((byte) 0);
    }

    private static Buffer txt(String... texts) {
        Buffer all = Buffer.buffer();
        for (String each : texts) {
            all.appendBuffer(text(each));
        }
        return all;
    }

    private static Buffer text(String text) {
        return Buffer.buffer().appendByte((byte) text.length()).appendString(text);
    }
}
JAVA

run_with io.vertx:vertx-core:5.1.6

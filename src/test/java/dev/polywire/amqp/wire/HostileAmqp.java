package dev.polywire.amqp.wire;

import dev.polywire.testing.AbuseVectors;
import dev.polywire.testing.Vectors;
import io.vertx.core.buffer.Buffer;
import java.util.stream.Stream;

/** What a hostile broker can send, and what the client's machine makes of it. */
public final class HostileAmqp {

    private static final AbuseVectors ABUSE = AbuseVectors.of("amqp091");
    private static final Buffer DELIVER = Encoded.frame(1, new ContentMethod.Deliver("ct", 1, false, "", "rk"));

    /** When the bytes come. */
    public enum When {
        /** The protocol header is sent. */
        GREETED,
        /** start-ok is sent. */
        AUTHENTICATING,
        /** Channel 1 is open, with a consumer {@code ct}; frames have at most 4,096 bytes. */
        CONSUMING
    }

    /** @param outcome the events' names; of a failure its reply code, and LIMIT when it is one */
    public record Row(String id, When when, Buffer bytes, String outcome) {

        /** Of the failure; 0: there is none. */
        public int code() {
            String digits = outcome.replaceAll("\\D", "");
            return digits.isEmpty() ? 0 : Integer.parseInt(digits);
        }

        @Override
        public String toString() {
            return id;
        }
    }

    private HostileAmqp() {}

    public static Stream<Row> rows() {
        return Stream.of(atOnce(), beforeTune(), consuming(), contents()).flatMap(rows -> rows);
    }

    private static Stream<Row> atOnce() {
        return Stream.of(
                abuse("A00", When.GREETED, ""),
                abuse("A01", When.GREETED, "501"),
                new Row("A02 HTTP", When.GREETED, Buffer.buffer("HTTP/1.1 400 Bad Request\r\n"), "501"),
                new Row("A02 AMQP 1.0 with SASL", When.GREETED, Vectors.bytes("414d515003010000"), "501"),
                abuse("A03", When.GREETED, "501"),
                abuse("A04", When.GREETED, "501"),
                abuse("A05", When.GREETED, "501"),
                new Row("A06 frame type 9", When.GREETED, Vectors.bytes("09000000000000ce"), "501"),
                abuse("A07", When.GREETED, "501"),
                abuse("A09", When.GREETED, "503"),
                abuse("A13", When.GREETED, "502"),
                new Row("A14 tables 33 deep", When.GREETED, nested(FieldReader.MAX_DEPTH + 1, "F"), "502"),
                abuse("A15", When.GREETED, "502"),
                abuse("A16", When.GREETED, "502"),
                abuse("A17", When.GREETED, "502"),
                new Row("A37 tune first", When.GREETED, Encoded.frame(0, Conversation.TUNE), "503"),
                new Row("A37 open-ok first", When.GREETED, Encoded.frame(0, new ConnectionMethod.OpenOk()), "503"),
                new Row("A37 a channel first", When.GREETED, DELIVER, "503"));
    }

    private static Stream<Row> beforeTune() {
        return Stream.of(
                new Row(
                        "A10 frame-max 1",
                        When.AUTHENTICATING,
                        Encoded.frame(0, new ConnectionMethod.Tune(1, 1, 1)),
                        "502"),
                abuse("A11", When.AUTHENTICATING, "502"),
                abuse("A12", When.AUTHENTICATING, ""),
                new Row("A37 start twice", When.AUTHENTICATING, ABUSE.get("A00").bytes(), "503"));
    }

    private static Stream<Row> consuming() {
        return Stream.of(
                new Row("A06 frame type 9", When.CONSUMING, Vectors.bytes("09000100000000ce"), "501"),
                abuse("A07", When.CONSUMING, "501"),
                abuse("A08", When.CONSUMING, "501"),
                new Row("A09 60.999", When.CONSUMING, Vectors.bytes("01000100000004003c03e7ce"), "503"),
                abuse("A25", When.CONSUMING, "504"),
                new Row(
                        "A25 delivery to nobody",
                        When.CONSUMING,
                        Encoded.frame(1, new ContentMethod.Deliver("who", 1, false, "", "")),
                        "503"),
                new Row("A26 confirm", When.CONSUMING, Encoded.frame(1, new BasicMethod.Ack(1, true)), "503"),
                new Row("A28 frame of 4,097", When.CONSUMING, Vectors.bytes("03000100000ff9"), "501"),
                new Row("A29 channel 2", When.CONSUMING, Encoded.frame(2, new BasicMethod.QosOk()), "504"),
                new Row("A29 channel 65,535", When.CONSUMING, Encoded.frame(65_535, new BasicMethod.QosOk()), "504"),
                new Row(
                        "A32 an answer to nothing",
                        When.CONSUMING,
                        Encoded.frame(1, new QueueMethod.DeclareOk("q", 0, 0)),
                        "503"));
    }

    private static Stream<Row> contents() {
        return Stream.of(
                after("A18 body too long", header(1), body(2), "501"),
                after("A18 body behind the body", header(1), body(1), body(1), "Delivery 505"),
                abuse("A19", When.CONSUMING, "501"),
                abuse("A20", When.CONSUMING, "506 LIMIT"),
                new Row("A33", When.CONSUMING, all(DELIVER, header(100_001)), "506 LIMIT"),
                abuse("A21", When.CONSUMING, "505"),
                new Row("A21 header alone", When.CONSUMING, header(1), "505"),
                after("A22 a method inside", header(2), body(1), DELIVER, "505"),
                abuse("A23", When.CONSUMING, "505"),
                abuse("A24", When.CONSUMING, "502"),
                new Row("A24 weight", When.CONSUMING, all(DELIVER, weighty()), "501"),
                abuse("A27", When.CONSUMING, "501"),
                new Row(
                        "A34 a pickle",
                        When.CONSUMING,
                        all(DELIVER, header(3), Encoded.frame(FrameReader.BODY, 1, Buffer.buffer("(.c"))),
                        "Delivery"),
                new Row("content on channel 0", When.CONSUMING, Vectors.bytes("03000000000000ce"), "505"));
    }

    static Buffer header(long size) {
        return Encoded.headerFrame(
                1, 60, size, BasicProperties.NONE.with(Property.CONTENT_TYPE, "application/x-java-serialized-object"));
    }

    private static Buffer weighty() {
        return Encoded.frame(FrameReader.HEADER, 1, Vectors.bytes("003c000100000000000000000000"));
    }

    private static Buffer body(int size) {
        return Encoded.frame(FrameReader.BODY, 1, Buffer.buffer(new byte[size]));
    }

    /** {@code connection.start} with tables or arrays in each other, each as long as what is there. */
    static Buffer nested(int times, String type) {
        String key = type.equals("F") ? "0161" : "";
        String tag = type.equals("F") ? "46" : "41";
        Buffer inner = Vectors.bytes(key + "56");
        for (int i = 0; i < times; i++) {
            inner = Vectors.bytes(key + tag).appendInt(inner.length()).appendBuffer(inner);
        }
        Buffer table = type.equals("F") ? inner : Vectors.bytes("0161").appendBuffer(inner);
        return Encoded.frame(
                FrameReader.METHOD,
                0,
                Vectors.bytes("000a000a0009")
                        .appendInt(table.length())
                        .appendBuffer(table)
                        .appendBytes(new byte[8]));
    }

    private static Row after(String id, Buffer first, Buffer second, String outcome) {
        return new Row(id, When.CONSUMING, all(DELIVER, first, second), outcome);
    }

    private static Row after(String id, Buffer first, Buffer second, Buffer third, String outcome) {
        return new Row(id, When.CONSUMING, all(DELIVER, first, second, third), outcome);
    }

    private static Buffer all(Buffer... frames) {
        Buffer all = Buffer.buffer();
        Stream.of(frames).forEach(all::appendBuffer);
        return all;
    }

    private static Row abuse(String id, When when, String outcome) {
        return new Row(id, when, ABUSE.get(id).bytes(), outcome);
    }
}

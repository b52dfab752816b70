package dev.polywire.eventstore.wire;

/** Stream and type of the event that was read last: most of its neighbours have the same, which are then not made again. */
final class RecordTexts {

    private long streamSpan = ProtobufReader.ABSENT;
    private String stream = "";
    private long typeSpan = ProtobufReader.ABSENT;
    private String type = "";

    String stream(ProtobufReader in, long span) {
        if (streamSpan == ProtobufReader.ABSENT || !in.isSame(span, streamSpan)) {
            stream = in.text("event_stream_id", span);
            streamSpan = span;
        }
        return stream;
    }

    String type(ProtobufReader in, long span) {
        if (typeSpan == ProtobufReader.ABSENT || !in.isSame(span, typeSpan)) {
            type = in.text("event_type", span);
            typeSpan = span;
        }
        return type;
    }
}

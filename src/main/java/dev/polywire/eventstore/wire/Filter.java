package dev.polywire.eventstore.wire;

import com.google.protobuf.ByteString;
import java.util.List;

/**
 * Which of all events are wanted.
 *
 * @param data one regular expression, or prefixes of which one must fit
 */
public record Filter(Context context, Type type, List<String> data) {

    /** What is looked at. In the order of their numbers, from 0. */
    public enum Context {
        STREAM_ID,
        EVENT_TYPE
    }

    /** How it is compared. In the order of their numbers, from 0. */
    public enum Type {
        REGEX,
        PREFIX
    }

    static Filter read(PayloadReader in, ByteString bytes) {
        Protobuf.Filter from = in.message(bytes, Protobuf.Filter.parser());
        return new Filter(
                in.value("context", Context.values(), from.getContext()),
                in.value("type", Type.values(), from.getType()),
                in.texts("data", from.getDataList().asByteStringList()));
    }

    ByteString write() {
        Protobuf.Filter.Builder to =
                Protobuf.Filter.newBuilder().setContext(context.ordinal()).setType(type.ordinal());
        PayloadWriter.texts("data", data).forEach(to::addDataBytes);
        return to.build().toByteString();
    }
}

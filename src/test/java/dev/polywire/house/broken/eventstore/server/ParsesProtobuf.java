package dev.polywire.house.broken.eventstore.server;

import com.google.protobuf.Message;
import dev.polywire.house.Breaks;

@Breaks("protobuf")
final class ParsesProtobuf {

    Message message() {
        return null;
    }
}

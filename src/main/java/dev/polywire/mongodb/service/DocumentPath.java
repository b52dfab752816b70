package dev.polywire.mongodb.service;

import dev.polywire.core.json.JsonPath;
import dev.polywire.core.wire.ProtocolException;

/** The path to a value in a document; the document itself has no name. */
final class DocumentPath extends JsonPath {

    ProtocolException malformed(String message) {
        String path = toString();
        return ProtocolException.decode((path.isEmpty() ? "document" : path) + ": " + message);
    }
}

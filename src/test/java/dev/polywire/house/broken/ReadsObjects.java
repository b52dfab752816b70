package dev.polywire.house.broken;

import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInputStream;

/** Breaks the rule against Java serialization; no import rule reports it. */
public final class ReadsObjects {

    Object read(InputStream bytes) throws IOException, ClassNotFoundException {
        return new ObjectInputStream(bytes).readObject();
    }
}

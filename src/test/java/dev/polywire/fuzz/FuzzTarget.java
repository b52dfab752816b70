package dev.polywire.fuzz;

import io.vertx.core.buffer.Buffer;
import java.util.stream.Stream;

/** A decoder, and what is true of it whatever the bytes are. */
public interface FuzzTarget {

    /** Also the directory of its findings, in {@code src/test/resources/fuzz}. */
    String name();

    /** Bytes that mean something to it, right and wrong ones: where a fuzzer begins. */
    Stream<Buffer> seeds();

    /** Whatever this throws is a finding. @param input not empty */
    void run(Buffer input);
}

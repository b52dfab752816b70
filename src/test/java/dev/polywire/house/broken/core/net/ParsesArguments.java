package dev.polywire.house.broken.core.net;

import dev.polywire.house.Breaks;
import picocli.CommandLine;

@Breaks("picocli")
public interface ParsesArguments {

    CommandLine arguments();
}

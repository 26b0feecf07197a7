#!/usr/bin/perl

# The driver of scenarios as a program; test_resources/conformance/README.md tells what it is given and prints.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use AsteriskPl;
use Mojo::JSON qw(decode_json encode_json);
use Scenarios;

STDOUT->autoflush;
my $driver    = Scenarios->new( 'AsteriskPl', shift );
my %scenarios = map { $_->{id} => $_ } $driver->scenarios;
my $wanted    = do { local $/ = undef; readline STDIN };
for my $id ( @{ decode_json($wanted) } ) {
    my $problem = eval { $driver->play( $scenarios{$id} ); 1 } ? undef : "$@";
    print encode_json( { id => $id, problem => $problem } ), "\n";
}

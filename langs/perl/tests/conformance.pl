#!/usr/bin/perl

# The driver of scenarios as a program; test_resources/conformance/README.md tells what it is given and prints.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use HTTP::Tiny ();
use Mojo::JSON qw(decode_json encode_json);
use Scenarios;

# By the API of a scenario: the library, and what the names of its own exceptions begin with.
my %LIBRARIES = ( ari => [qw(AsteriskPl Asterisk)], realm => [qw(RealmPl Realm)] );

STDOUT->autoflush;
my $control   = shift;
my $answer    = HTTP::Tiny->new->get("$control/scenarios");
my %scenarios = map { $_->{id} => $_ } @{ decode_json( $answer->{content} ) };
my $wanted    = do { local $/ = undef; readline STDIN };
my %drivers;
for my $id ( @{ decode_json($wanted) } ) {
    my $scenario = $scenarios{$id};
    my $driver   = $drivers{ $scenario->{api} } //= do {
        my ( $library, $prefix ) = @{ $LIBRARIES{ $scenario->{api} } };
        require( $library . '.pm' );
        Scenarios->new( $library, $control, $prefix );
    };
    my $problem = eval { $driver->play($scenario); 1 } ? undef : "$@";
    print encode_json( { id => $id, problem => $problem } ), "\n";
}

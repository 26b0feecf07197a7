#!perl

# The Perl library for the lamps, in a package within another.

use strict;
use warnings;

use Acme::Lamps;
use Test::More;

my $library = Acme::Lamps->new( api_url => 'http://127.0.0.1:1/api' );
can_ok( $library->lamps, qw(get get_p light light_p list list_p) );
ok( !eval { $library->lamps->get(q{}); 1 }, 'a call that cannot be right is refused' );
isa_ok( $@, 'Acme::Lamps::IllegalInputException' );
ok( !eval { $library->lamps->light( 'hall', bright => 101 ); 1 },
    'a lamp cannot be brighter than bright' );
isa_ok( $@, 'Acme::Lamps::IllegalInputException' );

done_testing;

/** Frequent Brazilian names (census of first names; most common surnames). Whom they would name, nobody knows. */
export const FIRST_NAMES = [
  'Ana', 'Maria', 'José', 'João', 'Antônio', 'Francisco', 'Carlos', 'Paulo', 'Pedro', 'Lucas', 'Luiz', 'Marcos', 'Luís', 'Gabriel', 'Rafael',
  'Daniel', 'Marcelo', 'Bruno', 'Eduardo', 'Felipe', 'Francisca', 'Antônia', 'Adriana', 'Juliana', 'Márcia', 'Fernanda', 'Patrícia', 'Aline',
  'Sandra', 'Camila', 'Amanda', 'Bruna', 'Jéssica', 'Letícia', 'Júlia', 'Luciana', 'Vanessa', 'Mariana', 'Vera', 'Vitória', 'Larissa', 'Cláudia',
  'Beatriz', 'Luana', 'Rita', 'Sônia', 'Renata', 'Eliane', 'Ícaro', 'Tainá', 'Iracema', 'Ubirajara',
] as const;

export const SURNAMES = [
  'da Silva', 'dos Santos', 'Oliveira', 'Souza', 'Lima', 'Pereira', 'Ferreira', 'Costa', 'Rodrigues', 'Almeida', 'Nascimento', 'Alves', 'Carvalho',
  'Araújo', 'Ribeiro', 'Gomes', 'Martins', 'Rocha', 'Barbosa', 'Barros', 'Freitas', 'Moreira', 'Cardoso', 'Teixeira', 'Cavalcanti', 'Dias',
  'Campos', 'Fernandes', 'Conceição', 'Gonçalves', 'Magalhães', 'Guimarães', 'Assunção', 'Falcão', 'Simões', 'Brandão',
] as const;

export const CITIES = [
  ['11', 'São Paulo'], ['11', 'Guarulhos'], ['11', 'Santo André'], ['19', 'Campinas'], ['21', 'Rio de Janeiro'], ['31', 'Belo Horizonte'],
  ['41', 'Curitiba'], ['48', 'Florianópolis'], ['51', 'Porto Alegre'], ['61', 'Brasília'], ['62', 'Goiânia'], ['71', 'Salvador'],
  ['81', 'Recife'], ['85', 'Fortaleza'], ['91', 'Belém'], ['92', 'Manaus'],
] as const;
